# Odoo 19 Community with our addons and the OCA addons they stand on.
FROM odoo:19.0

USER root
COPY requirements-addons.txt requirements-oca.txt /usr/local/share/budget/
RUN pip3 install --no-cache-dir --break-system-packages --no-deps \
        --requirement /usr/local/share/budget/requirements-addons.txt \
    && pip3 install --no-cache-dir --no-deps --require-hashes --target /mnt/oca \
        --requirement /usr/local/share/budget/requirements-oca.txt
COPY odoo.conf /etc/odoo/odoo.conf
COPY addons /mnt/extra-addons
USER odoo
